"""What people do on the site, page by page: found by address, field name and button value, so that it works in any language."""

import time
from collections.abc import Callable

from playwright.sync_api import Route, expect

from demo.faces import clips
from tests.journeys import people
from tests.journeys.people import PASSWORD, Person
from tests.journeys.site import FORM, Visitor
from verification.engines import challenge
from verification.engines.challenge import Challenge

MAIL_WITHIN, JUDGED_WITHIN, CHECKED_WITHIN, RECORDED_WITHIN = 20.0, 60_000, 30_000, 90_000
TRIES = 3
CASE = """SELECT c.id, c.state, c.reasons, c.risks FROM verification_case c JOIN accounts_user u ON u.id = c.user_id WHERE u.email = %s"""


def open_mail(visitor: Visitor, to: str, link: str, about: str = "") -> None:
    """Opens the newest mail to an address, once it is the one with the link and about this, and follows the link."""
    deadline = time.monotonic() + MAIL_WITHIN
    while not (_open_newest(visitor, to) and visitor.find("main").filter(has_text=about).locator(f'a[href*="{link}"]').count()):
        assert time.monotonic() < deadline, f"no mail to {to} with {link}"
        time.sleep(0.3)
    visitor.press(f'main a[href*="{link}"]')


def _open_newest(visitor: Visitor, to: str) -> bool:
    visitor.visit("/demo/mail/")
    rows = visitor.find("main tr").filter(has_text=to)
    if not rows.count():
        return False
    visitor.press(rows.first.locator("a"))
    return True


def sign_up(visitor: Visitor, person: Person) -> None:
    """Signs up, confirms the address by the mail and signs in; the visitor stands at the sign-up page or anywhere."""
    if visitor.path != "/accounts/signup/":
        visitor.visit("/accounts/signup/")
    visitor.find("input[name=email]").fill(person.email)
    visitor.find("input[name=password1]").fill(PASSWORD)
    visitor.send()
    visitor.visit("/home/")
    assert visitor.path == "/accounts/login/"  # nobody is let in before the address is confirmed
    open_mail(visitor, person.email, "/accounts/confirm-email/")
    visitor.send()
    sign_in(visitor, person.email, PASSWORD)


def sign_in(visitor: Visitor, email: str, password: str) -> None:
    """Signs in; the visitor stands at the sign-in page or anywhere."""
    if visitor.path != "/accounts/login/":
        visitor.visit("/accounts/login/")
    visitor.find("input[name=login]").fill(email)
    visitor.find("input[name=password]").fill(password)
    visitor.send('main form[action*="/accounts/login/"]')


def sign_in_of_the_cast(visitor: Visitor, name: str) -> None:
    """Signs in as one of the demonstration's people."""
    login = visitor.demo.told["logins"][name]
    sign_in(visitor, login["email"], login["password"])


def begin_verification(visitor: Visitor, person: Person, *, face: bool = True) -> None:
    """Gives the consents, to the comparison of the face or not, and types what stands on the document."""
    if visitor.path != "/identity/":
        visitor.visit("/identity/")
    visitor.send('form[action$="/identity/start/"]')
    visitor.find("input[name=processing]").check()
    visitor.find("input[name=face]").set_checked(face)
    visitor.send()
    visitor.find(f"input[name=document_type][value={person.document_type}]").check()
    visitor.find("input[name=full_name]").fill(person.holder)
    visitor.find("input[name=number]").fill(person.number)
    if person.born:
        visitor.find("input[name=birth_date]").fill(person.born)
    else:
        expect(visitor.find("input[name=birth_date]")).to_be_hidden()
    visitor.find("input[name=full_name]").press("Tab")
    expect(visitor.find("#number-check .chip-ok")).to_be_visible()
    visitor.send()
    assert visitor.path == "/identity/document/"


def show_document(visitor: Visitor, person: Person, face: str = "") -> None:
    """Uploads each side of the document; a picture that looks poor is sent all the same."""
    for side in people.sides(person, face):
        before = visitor.path
        visitor.find("input[name=picture]").set_input_files(side)
        visitor.send()
        if visitor.path == before:
            visitor.press(".card-footer a.btn")


def move(visitor: Visitor, face: str, *, shows: Callable[[Challenge], Challenge] = lambda drawn: drawn) -> None:
    """Records somebody who does the movements that the server draws as the camera starts, or those that `shows` says."""
    camera = visitor.camera
    assert camera is not None

    def film(route: Route) -> None:
        answer = route.fetch()
        clips.challenge_clip(camera, face, shows(challenge.from_json(answer.text())))
        route.fulfill(response=answer)

    visitor.page.route("**/identity/selfie/movements/", film)
    visitor.find("[data-liveness-do=start]").click()
    expect(visitor.find("[data-liveness][data-state=done]")).to_be_visible(timeout=RECORDED_WITHIN)
    visitor.page.unroute("**/identity/selfie/movements/", film)
    before = visitor.path
    visitor.send()
    if visitor.path == before:
        visitor.press(".card-footer a.btn")


def judged(visitor: Visitor) -> str:
    """Sends what stands on the page that shows everything once more. Returns what the machine makes of it."""
    assert visitor.path == "/identity/check/"
    visitor.send()
    decided = visitor.find(",".join(f'[data-state="{state}"]' for state in ("verified", "retry", "review")))
    expect(decided).to_be_visible(timeout=JUDGED_WITHIN)
    visitor.arrive()
    return str(decided.get_attribute("data-state"))


def verify_identity(visitor: Visitor, person: Person, officer: Visitor) -> None:
    """Goes the whole way: an uploaded document, a selfie with movements by the camera, sent and judged by the machine."""
    begin_verification(visitor, person)
    show_document(visitor, person)
    assert visitor.path == "/identity/selfie/"
    move_until_verified(visitor, person, officer)


def move_until_verified(visitor: Visitor, person: Person, officer: Visitor) -> None:
    """Films the movements. A rendered face is now and then not taken for a living one; then they do as the page says. And
    where the machine doubts, an officer decides, as for anybody."""
    for _try in range(TRIES):
        move(visitor, person.face)
        if (state := judged(visitor)) != "retry":
            break
        visitor.press('main a[href$="/identity/resume/"]')
    if state == "review":
        decide(officer, "dana", person, "verified")
        officer.context.clear_cookies()
        visitor.visit("/identity/")
    expect(visitor.find('[data-state="verified"]')).to_be_visible()


def describe_persona(visitor: Visitor, *, portrayed: str, shows: str, **texts: str) -> str:
    """Describes a persona and adds two portraits. Returns the address of its page, where the visitor then stands."""
    visitor.visit("/personas/new/")
    for name, text in texts.items():
        visitor.find(f"[name={name}]").fill(text)
    visitor.find(f"input[name=portrayed][value={portrayed}]").check()
    visitor.find("input[name=drive_mode][value=computed]").check()
    visitor.find(f"input[name=platforms][value={visitor.demo.told['platform']}]").check()
    visitor.send()
    visitor.find("input[name=picture]").set_input_files(people.portraits(shows))
    visitor.send(f'{FORM}[enctype="multipart/form-data"]')
    expect(visitor.find(".portraits .chip-wait")).to_have_count(0, timeout=CHECKED_WITHIN)
    visitor.arrive()
    visitor.press('main a[href*="/home/personas/"]')
    return visitor.path


def invite(visitor: Visitor, persona: str, email: str) -> None:
    """Asks somebody for a licence: live and uploads, commerce and entertainment, in China, driven by a computer."""
    visitor.visit(f"/licences/for/{persona.strip('/').split('/')[-1]}/")
    visitor.find("input[name=email]").fill(email)
    asked = {"media": ["live", "upload"], "purposes": ["commerce", "entertainment"], "territories": ["CN"]}
    for name, values in asked.items():
        for value in values:
            visitor.find(f"input[name={name}][value={value}]").check()
    visitor.find(f"input[name=platforms][value={visitor.demo.told['platform']}]").check()
    visitor.find("input[name=computed_driving]").check()
    visitor.send()


def grant_without(visitor: Visitor, purpose: str) -> None:
    """Compares the face, takes a purpose out of the terms, and grants the rest."""
    visitor.send('form[action$="/identify/"]')
    box = visitor.find(f"input[name=purposes][value={purpose}]")
    expect(box).to_be_checked()
    box.uncheck()
    visitor.press("button[name=step][value=review]")
    visitor.press("button[name=step][value=grant]")


def approve(officer: Visitor, name: str) -> None:
    """Finds the application at the desk, claims it and approves it."""
    officer.visit("/desk/?tab=applications")
    officer.press(officer.find(".queue-row").filter(has_text=name).locator("a.queue-link"))
    assert officer.find("input[name=verdict]").count() == 0  # nothing is decided without a claim
    officer.send('form[action$="/claim/"]')
    officer.find("input[name=verdict][value=approved]").check()
    officer.send('form[action$="/decide/"]')


def claim(officer: Visitor, name: str, person: Person) -> None:
    """Signs in and claims the person's case."""
    sign_in_of_the_cast(officer, name)
    officer.visit(f"/desk/cases/{officer.demo.rows(CASE, person.email)[0][0]}/")
    officer.send('form[action$="/claim/"]')


def decide(officer: Visitor, name: str, person: Person, verdict: str, reason: str = "") -> None:
    """Signs in, claims the person's case and decides it."""
    claim(officer, name, person)
    officer.find(f"input[name=verdict][value={verdict}]").check()
    if reason:
        officer.find(f"input[name={verdict}_reasons][value={reason}]").check()
    officer.send('form[action$="/decide/"]')

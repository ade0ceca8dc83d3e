"""Cameras that are programs are known by their usual names."""

import pytest

from verification.engines.virtual_camera import virtual_camera


@pytest.mark.parametrize(
    "label",
    [
        "OBS Virtual Camera",
        "OBS-Camera",
        "ManyCam Virtual Webcam",
        "Snap Camera",
        "DroidCam Source 3",
        "XSplit VCam",
        "mmhmm Camera",
        "Camo",
        "Reincubate Camo",
        "SplitCam Video Driver",
        "iVCam",
        "e2eSoft VCam",
        "Dummy video device (0x0000) (platform:v4l2loopback-000)",
        "Unity Video Capture",
        "DeepFaceLive",
        "腾讯虚拟摄像头",
    ],
)
def test_a_program_is_recognised(label: str) -> None:
    assert virtual_camera(label)


@pytest.mark.parametrize(
    "label",
    [
        "",
        "FaceTime HD Camera (Built-in) (05ac:8514)",
        "Integrated Webcam (0c45:6730)",
        "camera2 1, facing front",
        "HD Pro Webcam C920 (046d:082d)",
        "Front Camera",
        "iPhone Camera",
        "Logitech BRIO",
        "前置摄像头",
        "Mobscan Camera",
        "/srv/virtual-human-registry/clip.mjpeg",
    ],
)
def test_a_camera_is_not(label: str) -> None:
    assert not virtual_camera(label)

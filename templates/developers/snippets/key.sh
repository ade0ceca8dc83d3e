export VHR_KEY='vhk_test_…'

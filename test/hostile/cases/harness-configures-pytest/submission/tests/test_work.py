def test_act():
    pass

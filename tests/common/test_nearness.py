from common.nearness import FAR, between


def test_a_department_is_nowhere_far_from_itself():
    assert between("75", "75") == between("974", "974") == 0


def test_neighbours_are_nearer_than_the_other_end_of_the_country():
    assert 0 < between("75", "92") < between("75", "45") < between("75", "13")


def test_it_is_as_far_to_go_as_to_come_back():
    assert between("2A", "59") == between("59", "2A")


def test_nothing_is_near_overseas_nor_near_the_unknown():
    assert between("971", "972") == between("75", "974") == FAR
    assert between(None, "75") == between("75", "") == between(None, None) == FAR

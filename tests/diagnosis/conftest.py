import pytest
from scene import Scene


@pytest.fixture
def scene():
    """Nothing has happened yet."""
    return Scene()


@pytest.fixture
def healthy():
    """Three providers with five healthy models each."""
    return Scene().others()

from . import authority
from . import download
from . import home

from . import download
from . import authority

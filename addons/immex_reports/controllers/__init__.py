from . import authority, download, home

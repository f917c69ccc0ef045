from . import catalog
from . import program
from . import stock
from . import pedimento
from . import inventory

from . import catalog, inventory, pedimento, program, stock

from . import catalog, inventory, job, pedimento, program, stock

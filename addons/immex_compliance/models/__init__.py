from . import catalog, datastage, inventory, job, pedimento, program, stock

A give out of no right is void, and overdraws nothing.
---
region gives node: pad 1-3 as nothing
---
nothing: void [LEASE-6]: nothing is void: a given part names no right
exception: void [LEASE-6]: nothing is void: a given part names no right

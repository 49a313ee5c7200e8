A right that goes on wider than it came is void, and so is what hangs on it.
---
root gives region: pad 0-12 of first as right
region gives node: pad 2-13 of right as lower
node claims pad 3-5 of lower as job
may job at 4
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
lower: void [LEASE-6]: lower is void: it does not lie within its right
job/0: void [LEASE-6]: lower is void: it does not lie within its right
may job at 4? hold, void [LEASE-6]: lower is void: it does not lie within its right
exception: job rests on what is void [LEASE-6]: lower is void: it does not lie within its right
exception: void [LEASE-6]: lower is void: it does not lie within its right

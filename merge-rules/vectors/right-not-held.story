A give of a right that another log holds is void, and so is what hangs on it.
---
region gives node: pad 0-2 of first as lost
node claims pad 1-2 of lost as job
---
lost: void [LEASE-6]: lost is void: its log does not hold the right
job/0: void [LEASE-6]: lost is void: its log does not hold the right
exception: job rests on what is void [LEASE-6]: lost is void: its log does not hold the right
exception: void [LEASE-6]: lost is void: its log does not hold the right

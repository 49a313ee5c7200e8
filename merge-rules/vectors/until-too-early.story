A give that is forgotten before the lease that it serves is void.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right until 0 as grant
may job at 2
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: asked [LEASE-3]: job is not given whole
grant: void [LEASE-6]: grant is void: its until is earlier than its window's end plus the longest lease
pad is taken 1-3 by grant/0
may job at 2? hold, asked [LEASE-3]: job is not given whole
exception: void [LEASE-6]: grant is void: its until is earlier than its window's end plus the longest lease

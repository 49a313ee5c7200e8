A give to a place that the claim does not have is void.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right for 3 as grant
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: asked [LEASE-3]: job is not given whole
grant: void [LEASE-6]: grant is void: it names a footprint or an alternative that does not exist
pad is taken 1-3 by grant/0
exception: void [LEASE-6]: grant is void: it names a footprint or an alternative that does not exist

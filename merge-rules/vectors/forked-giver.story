A fork of the giving log takes away what stood above it.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
region beside 0 gives rival: pad 0-12 of first as other
may job at 2
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: asked [LEASE-3]: job is not given whole
grant: nothing is known of it
other: nothing is known of it
may job at 2? hold, asked [LEASE-3]: job is not given whole
exception: log region was forked in slot 1

Who releases, returns or reclaims what another log has is told of, and changes nothing.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
rival releases job as false-end
rival returns right as false-return
rival reclaims grant as false-reclaim
may job at 2
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 3
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
false-end: void [LEASE-6]: false-end is void: what it gives back or reclaims is not its log's to give back
false-return: void [LEASE-6]: false-return is void: what it gives back or reclaims is not its log's to give back
false-reclaim: void [LEASE-6]: false-reclaim is void: what it gives back or reclaims is not its log's to give back
pad is taken 1-3 by grant/0
may job at 2? go until 2:59:58, on news of 1:58:02 before
exception: void [LEASE-6]: false-end is void: what it gives back or reclaims is not its log's to give back
exception: void [LEASE-6]: false-return is void: what it gives back or reclaims is not its log's to give back
exception: void [LEASE-6]: false-reclaim is void: what it gives back or reclaims is not its log's to give back

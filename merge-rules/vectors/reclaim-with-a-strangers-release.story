A release of a claim by another log than its own proves nothing to its giver and ends nothing.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
rival releases job as false
region reclaims grant by false as back
rival claims pad 1-3 as other
region gives other: pad 1-3 of right as again
may job at 2
may other at 2
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 3
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
false: void [LEASE-6]: false is void: what it gives back or reclaims is not its log's to give back
back: firm [RULE-2]: back is said by one who is granted to say it
other/0: at risk [ORDER-4]: again fits into right right by its giver's word alone; wait for the receiver's release; covered to 3
again: at risk [ORDER-4]: again fits into right right by its giver's word alone; wait for the receiver's release
pad is taken 1-3 by grant/0
pad is taken 1-3 by again/0
may job at 2? go until 2:59:58, on news of 1:58:02 before
may other at 2? at risk [ORDER-4]: again fits into right right by its giver's word alone; wait for the receiver's release
exception: void [LEASE-6]: false is void: what it gives back or reclaims is not its log's to give back
exception: other rests on what is at risk [ORDER-4]: again fits into right right by its giver's word alone; wait for the receiver's release
exception: at risk [ORDER-4]: again fits into right right by its giver's word alone; wait for the receiver's release

A release that outlives the claim it cites is void, and ends it all the same.
---
root gives region: pad 0-12 of first as right
region gives node: pad 0-12 of right as own
node claims pad 1-3 of own as job until 9
node releases job as late-end
may job at 2
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
own: firm [LEASE-5]: own is given through a proven chain from the charter
job/0: ended [BACK-2]: job was released by late-end
late-end: void [RULE-5]: late-end is void: it outlives what it cites
may job at 2? hold, ended [BACK-2]: job was released by late-end
exception: ended [BACK-2]: job was released by late-end
exception: void [RULE-5]: late-end is void: it outlives what it cites

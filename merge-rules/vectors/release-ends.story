A release ends the lease, and what it took is free.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
node releases job as end
may job at 2
free pad 1-3 at 0
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: ended [BACK-2]: job was released by end
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
end: firm [RULE-2]: end is said by one who is granted to say it
may job at 2? hold, ended [BACK-2]: job was released by end
is pad free 1-3? free, on news of an age that is not known
exception: ended [BACK-2]: job was released by end

A reclaim with the holder's own release makes the next give firm.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
node releases job as end
region reclaims grant by end
rival claims pad 1-3 as late
region gives late: pad 1-3 of right as again
may job at 2
may late at 2
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: ended [BACK-2]: job was released by end
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
end: firm [RULE-2]: end is said by one who is granted to say it
late/0: firm [LEASE-5]: late is given through a proven chain from the charter; covered to 3
again: firm [LEASE-5]: again is given through a proven chain from the charter
pad is taken 1-3 by again/0
may job at 2? hold, ended [BACK-2]: job was released by end
may late at 2? go until 2:59:58, on news of 1:58:02 before
exception: ended [BACK-2]: job was released by end

What may free what a claim holds and cannot be read leaves the lease unknown; whoever was there may still be.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
node opaque effect frees as end
node claims pad 4-6 as later
region gives later: pad 4-6 of right as more
may job at 2
may later at 5
free pad 1-3 at 0
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: unknown [BACK-3]: job rests on the meaning of end, which may free what it holds and which this version cannot read; update this node
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
end: unknown [RULE-2]: end rests on a record that this version cannot read
later/0: firm [LEASE-5]: later is given through a proven chain from the charter; covered to 6
more: firm [LEASE-5]: more is given through a proven chain from the charter
pad is taken 1-3 by grant/0
pad is taken 4-6 by more/0
may job at 2? hold, unknown [BACK-3]: job rests on the meaning of end, which may free what it holds and which this version cannot read; update this node
may later at 5? go until 5:59:58, on news of 4:58:02 before
is pad free 1-3? no, grant

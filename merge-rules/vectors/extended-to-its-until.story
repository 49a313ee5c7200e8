An extension reaches no farther than the claim lasts, the longest lease taken off.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 until 12:00 as job
region gives job: pad 1-3 of right until 12:00 as grant
region gives job: pad 3-4 of right for 0 until 12:00 as more
region gives job: pad 4-5 of right for 0 until 12:00 as too-much
region gives job: pad 5-6 of right for 0 until 14:00 as too-late
may job at 3:30
may job at 4
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 4
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
more: firm [LEASE-5]: more is given through a proven chain from the charter
too-much: void [LEASE-6]: too-much is void: its until is earlier than its window's end plus the longest lease
too-late: void [RULE-5]: too-late is void: it outlives what it cites
pad is taken 1-3 by grant/0
pad is taken 3-4 by more/0
pad is taken 4-5 by too-much/0
pad is taken 5-6 by too-late/0
may job at 3:30? go until 3:59:58, on news of 3:28:02 before
may job at 4? hold, Closing
exception: void [LEASE-6]: too-much is void: its until is earlier than its window's end plus the longest lease
exception: void [RULE-5]: too-late is void: it outlives what it cites

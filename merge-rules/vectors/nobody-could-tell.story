The charter gives the pad for a day; who could tell of the hours beyond is not there.
---
root gives region: pad 0-12 of first as right
free pad 30-31 at 0
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
is pad free 30-31? unknown, it rests on logs that tell of resource pad, of which none is here

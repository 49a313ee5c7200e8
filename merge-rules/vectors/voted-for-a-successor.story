The successor is the ledger for which enough roots vote [VOTE-3].
---
roots 3
root votes successor 7 as one
root-1 votes successor 8 as two
root-2 votes successor 7 as three
---
the roots chose a successor: 0707070707070707

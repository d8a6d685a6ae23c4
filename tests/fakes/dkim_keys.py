"""Public keys as DKIM publishes them (base64 of p=); nobody holds the private halves."""

from monitor.sandbox.world import WEAK_KEY

RSA512 = WEAK_KEY
RSA1024 = (
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDMPSdWe7x+stwZl99OVm9FijkBs+CacCsVE0mO71HP6zBQhrJNVrfo/k0MYw"
    "ZgLWLih3u4QdsVPypXLYs1p12SQIhNscp+zr+1iO1qZAyHpguxwi6iz9kgtNcEGH8xqzXRcsRtK9tM7Xy5nNqwbfI9g7NucP1/"
    "p2PmgIJx3e34AQIDAQAB"
)
RSA2048 = (
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAvh0PpyByTyCyC18Ti91je1Ion4jZIHf/oSrQymlKFOn4gpNKSINml7"
    "uFF+acNpl20eYH/SpOm8Y+LAP9xgiUU5hA57zyHV6li3stbOXNJYx33DSxUm8/GAbm65TxQPsH+iA8zLHUidTBNpWGuMVZhkmy"
    "V/fvd6r6Tfo3skSxN15XkmX+iEznOHyXCN7DU9lHVaEc70jR/AiPmLtz/2a+4U/fC7wpGWMGlVEzE2hAb095RLuLnt3NZLPqeL"
    "cagGm11K/TANKbggHEUovPVP/BYXQsZC7ab73Yo116Vgq10gMgM1YiPy8pw3HUrvsPaoVzVRxoa7po+ceCaaOP4KTxtwIDAQAB"
)
ED25519 = "THbQvFDl3ufq98okACKkBno58TlSWlInOyjmtrBm65A="

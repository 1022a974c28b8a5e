"""Which addresses of the network we send to: public ones, so that nobody reaches our own network through us."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

_NAT64 = IPv6Network("64:ff9b::/96")


class AddressRefusedError(ValueError):
    """An address that nothing is sent to. code: bad_url, not_https, not_public."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def check_addresses(addresses: list[str], *, is_https: bool, local_allowed: bool) -> str:
    """The address to connect to. Raises AddressRefusedError unless every one that the name stands for may be used.

    One private address among public ones refuses the name: it would be a matter of luck which one is reached.
    """
    if not addresses:
        raise AddressRefusedError("bad_url")
    for text in addresses:
        if is_https and is_public(text):
            continue
        if not (local_allowed and _reached(text).is_loopback):
            raise AddressRefusedError("not_public")
    return addresses[0]


def is_public(text: str) -> bool:
    """Whether an IP address belongs to the public network, however it is wrapped."""
    address = _reached(text)
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _reached(text: str) -> IPv4Address | IPv6Address:
    """The address that is reached in the end: IPv4 written inside IPv6 is unwrapped."""
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv4Address):
        return address
    inside = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
    if inside is None and address in _NAT64:
        inside = IPv4Address(int(address) & 0xFFFFFFFF)
    return inside or address

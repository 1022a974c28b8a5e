"""What points buy: the catalogue, vouchers, handing over."""

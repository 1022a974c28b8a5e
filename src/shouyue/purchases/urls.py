"""Addresses of purchases."""

from django.urls import path

from shouyue.purchases.catalogue import desk as catalogue
from shouyue.purchases.incoming import desk as imports
from shouyue.purchases.orders.desk import orders, returns
from shouyue.purchases.sales.desk import pages as sales

app_name = "purchases"
urlpatterns = [
    path("orders/", orders.order_list, name="orders"),
    path("orders/<uuid:customer_id>/<uuid:order_id>/", orders.order_record, name="order"),
    path("products/", sales.product_list, name="products"),
    path("products/bulk/", catalogue.products_bulk, name="products-bulk"),
    path("products/categories/", sales.categories, name="categories"),
    path("products/stores/", sales.store_list, name="stores"),
    path("products/stores/<uuid:store_id>/", sales.store, name="store"),
    path("products/<uuid:product_id>/", sales.product, name="product"),
    path("products/<uuid:entry_id>/edit", catalogue.entry_edit, {"kind": "product"}, name="product-edit"),
    path("products/stores/<uuid:entry_id>/edit", catalogue.entry_edit, {"kind": "store"}, name="store-edit"),
    path("products/channels/<uuid:entry_id>/edit", catalogue.entry_edit, {"kind": "channel"}, name="channel-edit"),
    path("products/categories/<uuid:entry_id>/edit", catalogue.entry_edit, {"kind": "category"}, name="category-edit"),
    path("returns/", returns.unlinked_list, name="returns"),
    path("returns/not-linked.csv", returns.unlinked_file, name="returns-file"),
    path("imports/", imports.run_list, name="imports"),
    path("imports/<uuid:run_id>/", imports.run_record, name="import"),
    path("imports/<uuid:run_id>/<int:file_number>/rejected.csv", imports.rejected_file, name="rejected-file"),
]

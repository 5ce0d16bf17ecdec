"""Products of the consortium, their prices, invoices."""

from django.urls import path

from orders.views import (
    agreements,
    billings,
    credit_notes,
    invoices,
    invoicing,
    paid_catalogue,
    product_files,
    products,
)

urlpatterns = [
    path("consortium/", paid_catalogue.consortium, name="consortium"),
    path("consortium/panier/<int:pk>/", paid_catalogue.paid_line, name="paid_line"),
    path("consortium/commande/", paid_catalogue.paid_review, name="paid_review"),
    path("consortium/commande/<int:pk>/", paid_catalogue.paid_sent, name="paid_sent"),
    path("consortium/convention/", agreements.agreement, name="agreement"),
    path("consortium/identite/", agreements.seller, name="seller"),
    path("produits/", products.products, name="products"),
    path("produits/nouveau/", products.product_new, name="product_new"),
    path("produits/fichier/", product_files.product_import, name="product_import"),
    path("produits/modele/", product_files.product_template, name="product_template"),
    path("produits/liste.<str:kind>", product_files.products_file, name="products_file"),
    path("produits/<int:pk>/", products.product, name="product"),
    path("produits/<int:pk>/prix/", products.product_price, name="product_price"),
    path("produits/<int:pk>/stock/", products.product_stock, name="product_stock"),
    path("factures/", invoices.invoices, name="invoices"),
    path("factures/liste.<str:kind>", invoices.invoices_file, name="invoices_file"),
    path("factures/a-emettre/", invoicing.invoices_due, name="invoices_due"),
    path("factures/commande/<int:pk>/", billings.billing, name="billing"),
    path("factures/<int:pk>/", invoices.invoice, name="invoice"),
    path("factures/<int:pk>/pdf/", invoices.invoice_pdf, name="invoice_pdf"),
    path("factures/<int:pk>/xml/", invoices.invoice_xml, name="invoice_xml"),
    path("factures/<int:pk>/avoir/", credit_notes.invoice_cancel, name="invoice_cancel"),
    path("factures/<int:pk>/chorus/", credit_notes.invoice_deposit, name="invoice_deposit"),
]

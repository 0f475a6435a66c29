{{ raw('dim_products', {'product_id': 'bigint', 'product_category': 'varchar', 'product_name': 'varchar'}, 'product_id') }}

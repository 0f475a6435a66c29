{{ raw('dim_customers', {'customer_id': 'bigint', 'customer_name': 'varchar', 'postal_code': 'varchar'}, 'customer_id') }}

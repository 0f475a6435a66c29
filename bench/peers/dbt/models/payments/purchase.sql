{{ raw('purchase', {'id': 'varchar', 'timestamp': 'timestamp', 'customer_id': 'varchar', 'merchant_id': 'varchar', 'amount': 'decimal(12,2)'}, 'id') }}

{{ raw('void', {'id': 'varchar', 'timestamp': 'timestamp', 'parent_id': 'varchar', 'amount': 'decimal(12,2)'}, 'id') }}

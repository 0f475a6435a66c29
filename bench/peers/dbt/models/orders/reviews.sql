{{ raw('reviews', {'review': 'bigint', 'product_id': 'bigint'}) }}

{{ raw('shipment_deliveries', {'shipment_id': 'bigint', 'order_id': 'bigint', 'shipment_date': 'date', 'delivery_date': 'date'}, 'shipment_id') }}

import type { Product } from '../contract/index.ts';
import { behaviour } from './behaviour.ts';
import { fraud } from './fraud.ts';
import { inventory } from './inventory.ts';
import { lending } from './lending.ts';
import { ordersProduct } from './orders.ts';
import { payments } from './payments.ts';
import { risk } from './risk.ts';

/** Every data product of this lakehouse. A new one is a file beside this and a line here. */
export const products: readonly Product[] = [payments, ordersProduct, fraud, inventory, behaviour, risk, lending];

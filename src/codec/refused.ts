/** The type of the failure with which a run refuses an order. */
export const refusedType = 'Refused';

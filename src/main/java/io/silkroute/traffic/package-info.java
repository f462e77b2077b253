/** How much traffic may go where: budgets and shares, free of any framework. */
package io.silkroute.traffic;

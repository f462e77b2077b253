/** The store of accounts and nodes, and the way from it into the routing table. */
package io.silkroute.registry;

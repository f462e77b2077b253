/** What the request path reads: an immutable table of accounts and nodes, and the living state of each node. */
package io.silkroute.routing;

/** Behind the requests: which node is active, when that changes, and whether a node may be trusted with it. */
package io.silkroute.switchover;

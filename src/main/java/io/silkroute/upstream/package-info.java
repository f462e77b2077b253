/** One attempt on one node: the port, and its adapter on the Vert.x HTTP client. */
package io.silkroute.upstream;

/** What tests are made with: nodes that misbehave on real sockets, callers, operators, a database, a clock moved by hand. */
package io.silkroute.testing;

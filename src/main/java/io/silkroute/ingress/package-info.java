/** Where callers come in: who they are, what they send, and how the answer goes out. */
package io.silkroute.ingress;

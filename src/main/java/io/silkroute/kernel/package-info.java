/** Words shared by every room: identifiers, time, the causes of failure. No framework. */
package io.silkroute.kernel;

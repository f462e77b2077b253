/** What operators and their machines look at. */
package io.silkroute.observe;

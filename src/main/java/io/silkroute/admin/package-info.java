/** The REST API for operators. Speaks in records of its own; entities stay in the store. */
package io.silkroute.admin;

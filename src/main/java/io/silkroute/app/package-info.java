/** Puts the rooms together: settings, beans, start and stop. */
package io.silkroute.app;

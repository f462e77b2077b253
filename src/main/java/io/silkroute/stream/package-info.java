/** Event streams of LLM APIs: what an event means, when a response may be committed, whether it came to its end. */
package io.silkroute.stream;

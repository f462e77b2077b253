wrk.method = "POST"
wrk.body = '{"model":"m","max_tokens":16,"messages":[{"role":"user","content":"hi"}]}'
wrk.headers["Content-Type"] = "application/json"
wrk.headers["x-api-key"] = "default-proxy-key"
